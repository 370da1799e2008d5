/** A start for the expert tab: the blocks of the mail written as MJML. The server renders blocks by itself. */
import type { Block, Mail } from '../../api/types';

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');
const lines = (text: string): string => escapeText(text).replaceAll('\n', '<br />');

function section(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<mj-text>${lines(block.text)}</mj-text>`;
    case 'heading':
      return `<mj-text font-size="20px" font-weight="700">${lines(block.text)}</mj-text>`;
    case 'products':
      return block.skus
        .map((sku) => `<!-- ${escapeText(sku).replaceAll('--', '- -')} -->`)
        .join('\n        ');
    case 'button':
      return `<mj-button background-color="#1c614e" href="${attribute(block.url)}">${escapeText(block.label)}</mj-button>`;
    case 'image':
      return `<mj-image src="${attribute(block.url)}" alt="${attribute(block.alt)}" />`;
    case 'divider':
      return '<mj-divider border-width="1px" border-color="#e3dfd4" />';
  }
}

export function blocksToMjml(mail: Pick<Mail, 'blocks' | 'preheader'>): string {
  const body = mail.blocks.map((block) => `        ${section(block)}`).join('\n');
  return `<mjml>
  <mj-head>
    <mj-preview>${escapeText(mail.preheader)}</mj-preview>
  </mj-head>
  <mj-body>
    <mj-section>
      <mj-column>
${body}
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
}
