/** The look of Najimi for Mantine: every colour, size and radius comes from the tokens in `tokens.css`. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from '@mantine/core';

const green: MantineColorsTuple = [
  '#eef5f1',
  '#dcebe4',
  '#b9d7ca',
  '#8bbca9',
  '#569983',
  '#2f7a64',
  '#1c614e',
  '#144c3d',
  '#0f3a2f',
  '#0b2c24',
];

/** Mantine's greys, as paper and ink; `dark` runs from the text to the deepest ground. */
const gray: MantineColorsTuple = [
  '#fcfbf8',
  '#efece4',
  '#e3dfd4',
  '#dad5c8',
  '#cfc9ba',
  '#a8a090',
  '#7d7668',
  '#635d51',
  '#48443b',
  '#2f2c26',
];
const dark: MantineColorsTuple = [
  '#f0ede5',
  '#d6d2c7',
  '#9d978a',
  '#6f6a5f',
  '#35362f',
  '#292a25',
  '#1b1c19',
  '#131412',
  '#20211e',
  '#0d0e0c',
];

const FONT = 'var(--font)';

export const theme = createTheme({
  primaryColor: 'green',
  primaryShade: { light: 6, dark: 4 },
  colors: { green, gray, dark },
  fontFamily: FONT,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK JP", monospace',
  headings: { fontFamily: FONT, fontWeight: '700' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  radius: { xs: '4px', sm: '7px', md: '7px', lg: '11px', xl: '99px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const isPrimary = input.color === undefined || input.color === 'green';
    if (!isPrimary) return colors;
    if (input.variant === 'filled')
      return {
        ...colors,
        background: 'var(--accent)',
        hover: 'var(--accent-strong)',
        color: 'var(--on-accent)',
      };
    if (input.variant === 'light')
      return {
        ...colors,
        background: 'var(--accent-soft)',
        hover: 'var(--accent-line)',
        color: 'var(--accent-text)',
      };
    if (input.variant === 'subtle' || input.variant === 'transparent')
      return { ...colors, hover: 'var(--line-soft)', color: 'var(--accent-text)' };
    return colors;
  },
  components: {
    Button: {
      defaultProps: { size: 'sm', variant: 'default' },
      styles: { root: { fontWeight: 600 } },
    },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        multiline: true,
        openDelay: 120,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Modal: { defaultProps: { centered: true, radius: 'lg' } },
    SegmentedControl: { defaultProps: { withItemsBorders: false, radius: 'md' } },
    Anchor: { defaultProps: { underline: 'always' } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--bg)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-bright': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunk)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-disabled': 'var(--line-soft)',
    '--mantine-color-disabled-color': 'var(--text-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-strong)',
    '--mantine-primary-color-light': 'var(--accent-soft)',
    '--mantine-primary-color-light-color': 'var(--accent-text)',
    '--mantine-line-height': 'var(--lh)',
  },
  light: {},
  dark: {},
});
