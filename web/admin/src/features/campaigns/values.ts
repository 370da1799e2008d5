/** Values that stand for the person in a mail, each with a default so that nobody reads an empty gap. */

/** Keys are texts of the locale file, `value.<key>`; codes are the values that the server knows. */
export const MAIL_VALUES: readonly { key: string; code: string }[] = [
  { key: 'family_name', code: '{{ customer.family_name | default("お客様") }}' },
  { key: 'given_name', code: '{{ customer.given_name | default("お客様") }}' },
  { key: 'full_name', code: '{{ customer.full_name | default("お客様") }}' },
  { key: 'company', code: '{{ customer.company | default("") }}' },
  { key: 'number', code: '{{ customer.number | default("") }}' },
  { key: 'shop_name', code: '{{ shop.name }}' },
];

/** Puts `code` where the cursor stands, instead of what is selected. */
export function insertValue(
  text: string,
  code: string,
  from: number,
  to: number,
): { text: string; cursor: number } {
  return { text: text.slice(0, from) + code + text.slice(to), cursor: from + code.length };
}
