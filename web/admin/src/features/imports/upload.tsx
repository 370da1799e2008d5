/** Drop a file or choose one; it is read on the server, and nothing changes before the preview is accepted. */
import { Button, Loader, SegmentedControl } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import type { ImportKind } from '../../api/types';
import { formatBytes } from '../../format/number';
import { ProblemNotice } from '../../ui/problem-notice';
import style from './imports.module.css';

type Chosen = { file: File; kind: ImportKind };

function useUpload() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ file, kind }: Chosen) => {
      const form = new FormData();
      form.set('kind', kind);
      form.set('file', file);
      // The form goes as it is; the contract names its parts.
      const body = { kind, file: file.name };
      return (await client.POST('/api/imports', { body, bodySerializer: () => form })).data;
    },
    onSuccess: (made) => {
      if (made) void navigate({ to: '/imports/$importId', params: { importId: made.import_id } });
    },
  });
}

export function Upload() {
  const { t } = useTranslation('imports');
  const [kind, setKind] = useState<ImportKind>('orders');
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const upload = useUpload();
  const take = (file: File | undefined) => file && !upload.isPending && upload.mutate({ file, kind });
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <section
      className={style.drop}
      data-over={isOver}
      aria-label={t('upload.title')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <SegmentedControl
        aria-label={t('upload.kind')}
        value={kind}
        onChange={(next) => setKind(next as ImportKind)}
        data={[
          { value: 'orders', label: t('kind.orders') },
          { value: 'customers', label: t('kind.customers') },
        ]}
      />
      {upload.isPending ? (
        <p className={style.dropText} role="status">
          <Loader size={16} />{' '}
          {t('upload.reading', {
            name: upload.variables.file.name,
            size: formatBytes(upload.variables.file.size),
          })}
        </p>
      ) : (
        <>
          <p className={style.dropText}>{t(`upload.drop_${kind}`)}</p>
          <Button variant="filled" onClick={() => input.current?.click()}>
            {t('upload.choose')}
          </Button>
        </>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('upload.choose')}
        accept=".csv,.tsv,.txt,.gz,.zst,text/csv,text/plain"
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      <p className="muted small">{t('upload.note')}</p>
      {upload.error ? <ProblemNotice error={upload.error} /> : null}
    </section>
  );
}
