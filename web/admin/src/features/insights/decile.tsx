export function DecilePage() {
  return null;
}
