export function LtvPage() {
  return null;
}
