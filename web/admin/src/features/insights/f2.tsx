export function F2Page() {
  return null;
}
