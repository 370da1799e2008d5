/** The account of an import: its classes must add up to its lines. */
import type { Import } from '../../../api/types';

export function accountOf({ classes, lines }: Pick<Import, 'classes' | 'lines'>): {
  total: number;
  isWhole: boolean;
} {
  const total = classes.reduce((sum, one) => sum + one.count, 0);
  return { total, isWhole: lines === null || lines === total };
}
