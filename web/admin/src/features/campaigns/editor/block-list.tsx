/** The blocks of the mail in their order; they move by buttons or by Alt and the arrow keys. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../../api/types';
import { tellUndo } from '../../../ui/tell-undo';
import {
  BLOCK_KINDS,
  BLOCKS_MAX,
  changeBlock,
  insertBlock,
  moveBlock,
  newBlock,
  removeBlock,
} from '../blocks';
import { BlockFields } from './block-fields';
import style from './editor.module.css';
import { DownIcon, RemoveIcon, UpIcon } from './icons';
import { openBlock } from './open-block';

type Props = { blocks: Block[]; onChange: (edit: (latest: Block[]) => Block[]) => void };

export function BlockList({ blocks, onChange }: Props) {
  const { t } = useTranslation('campaigns');
  const list = useRef<HTMLOListElement>(null);
  const hash = useLocation({ select: (location) => location.hash });
  useEffect(() => {
    // A door of another page leads to one block.
    const at = /^block-(\d+)$/.exec(hash)?.[1];
    if (at !== undefined) openBlock(Number(at));
  }, [hash]);
  const move = (from: number, by: -1 | 1) => {
    if (moveBlock(blocks, from, by) === blocks) return;
    onChange((latest) => moveBlock(latest, from, by));
    requestAnimationFrame(() =>
      list.current?.querySelectorAll<HTMLElement>(':scope > li')[from + by]?.focus(),
    );
  };
  const remove = (at: number) => {
    const removed = blocks[at];
    onChange((latest) => removeBlock(latest, at));
    if (removed)
      tellUndo(t('block.removed', { kind: t(`block.${removed.kind}`) }), t('undo'), async () =>
        onChange((latest) => insertBlock(latest, Math.min(at, latest.length), removed)),
      );
  };
  const onKey = (event: KeyboardEvent, at: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(at, event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <>
      <ol className={style.blocks} ref={list}>
        {blocks.map((block, at) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity of their own but their place
            key={at}
            id={`block-${at}`}
            className={style.block}
            tabIndex={-1}
            aria-label={t('block.position', {
              kind: t(`block.${block.kind}`),
              at: at + 1,
              of: blocks.length,
            })}
            onKeyDown={(event) => onKey(event, at)}
          >
            <div className={style.blockHead}>
              <span className={style.kind}>{t(`block.${block.kind}`)}</span>
              <Tool label={t('block.up')} isOff={at === 0} onClick={() => move(at, -1)} icon={<UpIcon />} />
              <Tool
                label={t('block.down')}
                isOff={at === blocks.length - 1}
                onClick={() => move(at, 1)}
                icon={<DownIcon />}
              />
              <Tool label={t('block.remove')} onClick={() => remove(at)} icon={<RemoveIcon />} />
            </div>
            <BlockFields
              block={block}
              onChange={(changed) => onChange((latest) => changeBlock(latest, at, changed))}
            />
          </li>
        ))}
      </ol>
      <AddBlock
        isFull={blocks.length >= BLOCKS_MAX}
        onAdd={(block) => onChange((latest) => insertBlock(latest, latest.length, block))}
      />
      <p className="muted small">{t('block.keys')}</p>
    </>
  );
}

type ToolProps = { label: string; isOff?: boolean; onClick: () => void; icon: ReactNode };

function Tool({ label, isOff = false, onClick, icon }: ToolProps) {
  const { t } = useTranslation('campaigns');
  const why = isOff ? t('block.at_the_end', { label }) : label;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={why}
      title={why}
      aria-disabled={isOff}
      data-disabled={isOff || undefined}
      onClick={() => !isOff && onClick()}
    >
      {icon}
    </ActionIcon>
  );
}

function AddBlock({ isFull, onAdd }: { isFull: boolean; onAdd: (block: Block) => void }) {
  const { t } = useTranslation('campaigns');
  if (isFull) return <p className="muted small">{t('block.full', { max: BLOCKS_MAX })}</p>;
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="xs" mt={10}>
          {t('block.add')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {BLOCK_KINDS.map((kind) => (
          <Menu.Item key={kind} onClick={() => onAdd(newBlock(kind))}>
            {t(`block.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
