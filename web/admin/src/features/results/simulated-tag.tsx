/** Dashed is demo: a simulated result prints the effect that was put in. */
import { useTranslation } from 'react-i18next';

export function SimulatedTag({ effect }: { effect: number | null }) {
  const { t } = useTranslation('results');
  return (
    <span className="tag" data-tone="demo">
      {effect === 0 ? t('simulated_none') : t('simulated', { effect: effect ?? 0 })}
    </span>
  );
}
