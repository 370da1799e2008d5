/** What can be sent and should be looked at again, each with a door to its block. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Block, MailWarning } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { keysOf } from '../../../ui/keys';
import style from './editor.module.css';
import { openBlock } from './open-block';

type Props = { campaignId: string; warnings: MailWarning[]; blocks: Block[] };

export function Warnings({ campaignId, warnings, blocks }: Props) {
  const { t } = useTranslation('campaigns');
  if (warnings.length === 0) return null;
  const keys = keysOf(warnings.map(({ code, block, what }) => `${code} ${block} ${what}`));
  return (
    <Card>
      <SectionTitle title={t('warnings.title')} note={t('warnings.note')} />
      <ul className={style.problems}>
        {warnings.map(({ code, block, what }, index) => (
          <li key={keys[index]}>
            <b>{t(`warning.${code}`, { what })}</b>
            <Link
              className="link small"
              to="/campaigns/$campaignId"
              params={{ campaignId }}
              hash={block === null ? '' : `block-${block}`}
              onClick={() => block !== null && openBlock(block)}
            >
              <Where block={block} kind={block === null ? undefined : blocks[block]?.kind} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Where({ block, kind }: { block: number | null; kind: Block['kind'] | undefined }) {
  const { t } = useTranslation('campaigns');
  if (block === null || !kind) return <>{t('warnings.open')}</>;
  return <>{t('warnings.open_block', { kind: t(`block.${kind}`), at: block + 1 })}</>;
}
