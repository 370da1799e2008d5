/** Values that stand for the person in a mail, each with a default so that nobody reads an empty gap. */

/** Keys are texts of the locale file, `value.<key>`; codes are the values that the server knows. */
export const MAIL_VALUES: readonly { key: string; code: string }[] = [
  // 様 is written behind it: 「お客様」 would become 「お客様様」.
  { key: 'family_name', code: '{{ customer.family_name | default("お客") }}' },
  { key: 'given_name', code: '{{ customer.given_name | default("お客") }}' },
  { key: 'full_name', code: '{{ customer.full_name | default("お客") }}' },
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

/** The words of a mail where nobody in particular is meant: 〔姓〕様 rather than `{{ customer.family_name }}`様. */
export function sayValues(text: string, shop: string, nameOf: (key: string) => string): string {
  return text.replaceAll(/\{\{\s*([\w.]+)[^}]*\}\}/g, (_, path: string) =>
    path === 'shop.name' ? shop : nameOf(path.replace('customer.', '')),
  );
}

/** The words as somebody reads of whom nothing is known: every value is its default. */
export function withDefaults(text: string, shop: string): string {
  return text.replaceAll(/\{\{\s*([\w.]+)([^}]*)\}\}/g, (_, path: string, rest: string) =>
    path === 'shop.name' ? shop : (/default\s*[:(]\s*"([^"]*)"/.exec(rest)?.[1] ?? ''),
  );
}
