/** The first start: the company, then the first operator. Nothing has a default password. */
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import type { SetupRequest } from '../../api/types';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { ProblemNotice } from '../../ui/problem-notice';
import style from './access.module.css';
import { Gate } from './gate';
import { asWritten } from './search';
import { CompanyStep, OperatorStep } from './setup-steps';
import { useEnter } from './use-enter';

export type Answers = Omit<SetupRequest, 'token'>;

const FIRST: Answers = {
  company: '',
  zone: 'Asia/Tokyo',
  currency: 'JPY',
  public_url: globalThis.location?.origin ?? '',
  operator_name: '',
  email: '',
  password: '',
};

export function SetupPage() {
  const { t } = useTranslation('access');
  const search: Record<string, unknown> = useSearch({ strict: false });
  const token = asWritten('token', search.token);
  const setup = $api.useQuery('get', '/api/setup');
  return (
    <Gate title={t('setup.title')} lead={t('setup.lead')} isWide>
      <Loaded query={setup} height={240}>
        {({ needed }) => {
          if (!needed) return <AlreadyDone />;
          return token ? <Wizard token={token} /> : <NoToken />;
        }}
      </Loaded>
    </Gate>
  );
}

function AlreadyDone() {
  const { t } = useTranslation('access');
  return (
    <div className={style.form}>
      <p>{t('setup.done_already')}</p>
      <LinkButton to="/sign-in" variant="filled">
        {t('setup.to_sign_in')}
      </LinkButton>
    </div>
  );
}

/** Without the token anybody who finds the address could take the installation over. */
function NoToken() {
  const { t } = useTranslation('access');
  return (
    <div className={style.problem}>
      <p className="strong">{t('setup.no_token')}</p>
      <p>{t('setup.no_token_hint')}</p>
    </div>
  );
}

function Wizard({ token }: { token: string }) {
  const { t } = useTranslation('access');
  const [step, setStep] = useState<1 | 2>(1);
  const [answers, setAnswers] = useState(FIRST);
  const enter = useEnter();
  const finish = useMutation({
    mutationFn: async () => (await client.POST('/api/setup', { body: { ...answers, token } })).data,
    onSuccess: (me) => me && enter(me),
  });
  const change = (changed: Partial<Answers>) => setAnswers((old) => ({ ...old, ...changed }));
  return (
    <>
      <ol className={style.steps} aria-label={t('setup.steps')}>
        <li aria-current={step === 1 ? 'step' : undefined}>{t('setup.step_company')}</li>
        <li aria-current={step === 2 ? 'step' : undefined}>{t('setup.step_operator')}</li>
      </ol>
      {finish.error ? <ProblemNotice error={finish.error} /> : null}
      {step === 1 ? (
        <CompanyStep answers={answers} onChange={change} onNext={() => setStep(2)} />
      ) : (
        <OperatorStep
          answers={answers}
          onChange={change}
          onBack={() => setStep(1)}
          onFinish={() => finish.mutate()}
          isBusy={finish.isPending || finish.isSuccess}
        />
      )}
    </>
  );
}
