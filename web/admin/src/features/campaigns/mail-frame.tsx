/** The body of a mail in a frame without scripts, forms and an address of ours; links open beside it. */
import style from './mail-frame.module.css';

type Props = { html: string; width: 'phone' | 'desktop'; title: string };

export function MailFrame({ html, width, title }: Props) {
  return (
    <div className={style.desk} data-width={width}>
      <iframe
        className={style.frame}
        title={title}
        srcDoc={html}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
      />
    </div>
  );
}
