/** The body of a mail in a frame that may do nothing: no script, no form, no address of ours. */
import style from './mail-frame.module.css';

type Props = { html: string; width: 'phone' | 'desktop'; title: string };

export function MailFrame({ html, width, title }: Props) {
  return (
    <div className={style.desk} data-width={width}>
      <iframe className={style.frame} title={title} srcDoc={html} sandbox="" referrerPolicy="no-referrer" />
    </div>
  );
}
