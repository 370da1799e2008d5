/** How bands are called: 30日以内, 31〜60日, 181日〜; 1回, 3〜4回, 10回〜. */
import type { TFunction } from 'i18next';
import type { Band } from '../../../api/types';
import type { Rectangle } from './cells';

export function recencyLabel(t: TFunction, band: Band): string {
  if (band.to === null) return t('insights:rfm.r_over', { from: band.from });
  if (band.from <= 1) return t('insights:rfm.r_within', { to: band.to });
  return t('insights:rfm.r_between', { from: band.from, to: band.to });
}

export function frequencyLabel(t: TFunction, band: Band): string {
  if (band.to === null) return t('insights:rfm.f_over', { from: band.from });
  if (band.from === band.to) return t('insights:rfm.f_exactly', { count: band.from });
  return t('insights:rfm.f_between', { from: band.from, to: band.to });
}

/** The same without markup, as a name: Japanese keeps no spaces around what was bold. */
export function rectangleName(t: TFunction, rectangle: Rectangle): string {
  const bare = rectangleText(t, rectangle).replaceAll(/<\/?b>/g, '');
  return bare.replaceAll(/(?<=[\u3040-\u9fff]) | (?=[\u3040-\u9fff])/g, '');
}

/** 「最後の注文が 61日以上前 で、注文が 3回以上」 */
export function rectangleText(t: TFunction, { r, f }: Rectangle): string {
  const recency =
    r.to === null
      ? r.from <= 1
        ? t('insights:rfm.said_r_any')
        : t('insights:rfm.said_r_over', { from: r.from })
      : r.from <= 1
        ? t('insights:rfm.said_r_within', { to: r.to })
        : t('insights:rfm.said_r_between', { from: r.from, to: r.to });
  const frequency =
    f.to === null
      ? t('insights:rfm.said_f_over', { from: f.from })
      : f.from === f.to
        ? t('insights:rfm.said_f_exactly', { count: f.from })
        : t('insights:rfm.said_f_between', { from: f.from, to: f.to });
  return t('insights:rfm.said', { recency, frequency });
}
