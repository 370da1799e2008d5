/** The editor of a draft: what the reader sees first, the blocks, and beside them the mail itself. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../../api/client';
import { useMe } from '../../../api/queries';
import type { Campaign, Mail } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { withDefaults } from '../values';
import { BlockList } from './block-list';
import style from './editor.module.css';
import { EditorHead } from './editor-head';
import { MailPreview } from './mail-preview';
import { MjmlTab } from './mjml-tab';
import { Problems } from './problems';
import { useAutosave } from './use-autosave';
import { ValueField } from './value-field';
import { Warnings } from './warnings';
import { Whom } from './whom';

export function CampaignEditor({ campaign: first }: { campaign: Campaign }) {
  const queries = useQueryClient();
  const onSaved = useCallback(
    (saved: Campaign) => {
      const path = { id: saved.campaign_id };
      queries.setQueryData(
        $api.queryOptions('get', '/api/campaigns/{id}', { params: { path } }).queryKey,
        saved,
      );
      void queries.invalidateQueries({
        queryKey: ['get', '/api/campaigns'],
        exact: false,
        refetchType: 'none',
      });
    },
    [queries],
  );
  const draft = useAutosave(first, onSaved);
  const { mail } = draft.fields;
  const change = (edit: (latest: Mail) => Partial<Mail>) =>
    draft.change((latest) => ({ mail: { ...latest.mail, ...edit(latest.mail) } }));
  return (
    <>
      <EditorHead draft={draft} />
      <div className={style.layout}>
        <div className={style.column}>
          <Whom campaign={draft.campaign} />
          <Envelope
            name={draft.fields.name}
            onName={(name) => draft.change(() => ({ name }))}
            mail={mail}
            onChange={(changed) => change(() => changed)}
          />
          <Body mail={mail} onChange={change} />
        </div>
        <aside className={style.aside}>
          <Problems problems={draft.campaign.problems} />
          <Warnings
            campaignId={first.campaign_id}
            warnings={draft.campaign.warnings}
            blocks={draft.campaign.mail.blocks}
          />
          <MailPreview campaignId={first.campaign_id} mail={mail} />
        </aside>
      </div>
    </>
  );
}

type EnvelopeProps = {
  name: string;
  onName: (name: string) => void;
  mail: Mail;
  onChange: (changed: Partial<Mail>) => void;
};

function Envelope({ name, onName, mail, onChange }: EnvelopeProps) {
  const { t } = useTranslation('campaigns');
  const { company } = useMe();
  return (
    <Card>
      <SectionTitle title={t('envelope.title')} />
      <div className={style.stack}>
        <TextInput
          label={t('field.name')}
          description={t('field.name_note')}
          maxLength={120}
          value={name}
          onChange={(event) => onName(event.currentTarget.value)}
        />
        <ValueField
          label={t('field.subject')}
          value={mail.subject}
          maxLength={200}
          description={t('field.subject_note', { count: [...withDefaults(mail.subject, company)].length })}
          onChange={(subject) => onChange({ subject })}
        />
        <ValueField
          label={t('field.preheader')}
          value={mail.preheader}
          maxLength={200}
          description={t('field.preheader_note')}
          onChange={(preheader) => onChange({ preheader })}
        />
        <div className={style.pair}>
          <TextInput
            label={t('field.from_name')}
            value={mail.from_name}
            onChange={(event) => onChange({ from_name: event.currentTarget.value })}
          />
          <TextInput
            label={t('field.from_address')}
            type="email"
            value={mail.from_address}
            onChange={(event) => onChange({ from_address: event.currentTarget.value })}
          />
        </div>
      </div>
    </Card>
  );
}

type BodyProps = { mail: Mail; onChange: (edit: (latest: Mail) => Partial<Mail>) => void };

function Body({ mail, onChange }: BodyProps) {
  const { t } = useTranslation('campaigns');
  const [tab, setTab] = useState(mail.mjml === null ? 'blocks' : 'mjml');
  return (
    <Card>
      <SectionTitle
        title={t('body.title')}
        note={t('body.note')}
        right={
          <SegmentedControl
            size="xs"
            aria-label={t('body.way')}
            value={tab}
            onChange={setTab}
            data={[
              { value: 'blocks', label: t('body.blocks') },
              { value: 'mjml', label: 'MJML' },
            ]}
          />
        }
      />
      {tab === 'mjml' ? (
        <MjmlTab mail={mail} onChange={(edit) => onChange(({ mjml }) => ({ mjml: edit(mjml) }))} />
      ) : null}
      {tab === 'blocks' && mail.mjml !== null ? <p className={style.note}>{t('body.mjml_wins')}</p> : null}
      {tab === 'blocks' ? (
        <BlockList
          blocks={mail.blocks}
          onChange={(edit) => onChange(({ blocks }) => ({ blocks: edit(blocks) }))}
        />
      ) : null}
    </Card>
  );
}
