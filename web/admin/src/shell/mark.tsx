export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect width="24" height="24" rx="6.5" fill="var(--accent)" />
      <circle cx="9.2" cy="12" r="4.2" fill="none" stroke="var(--on-accent)" strokeWidth="1.9" />
      <circle cx="14.8" cy="12" r="4.2" fill="none" stroke="var(--on-accent)" strokeWidth="1.9" />
    </svg>
  );
}
