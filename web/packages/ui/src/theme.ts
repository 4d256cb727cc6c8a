import { type Theme, themes } from '@yiwang/tokens/tokens.ts';
import { theme as antdTheme, type ThemeConfig } from 'antd';

/** The control library in the product's colours; dense, square, calm. */
export function controlTheme(theme: Theme, isStill = false): ThemeConfig {
  const token = themes[theme];
  return {
    algorithm: theme === 'light' ? antdTheme.defaultAlgorithm : antdTheme.darkAlgorithm,
    token: {
      colorPrimary: token.accent,
      colorInfo: token.accent,
      colorLink: token.accent,
      colorLinkHover: token.accent,
      colorSuccess: token.ok,
      colorWarning: token.warn,
      colorError: token.bad,
      // The library's own is lighter, too light for the words on it.
      colorErrorHover: token.bad,
      colorWarningBg: token.yellowSoft,
      colorWarningBorder: token.line,
      colorErrorBg: token.redSoft,
      colorErrorBorder: token.line,
      colorSuccessBg: token.greenSoft,
      colorSuccessBorder: token.line,
      colorText: token.text,
      colorTextSecondary: token.dim,
      colorTextTertiary: token.dim,
      colorTextDescription: token.dim,
      colorTextPlaceholder: token.dim,
      colorTextLightSolid: token.onAccent,
      colorBgContainer: token.panel,
      colorBgElevated: token.panel,
      colorBgLayout: token.bg,
      colorBorder: token.line,
      colorBorderSecondary: token.lineSoft,
      borderRadius: 4,
      fontSize: 14,
      controlHeight: 30,
      controlHeightSM: 24,
      fontFamily:
        '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",system-ui,sans-serif',
      // Without it the library waits for the end of animations that never run.
      motion: !isStill,
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.15s',
      wireframe: false,
    },
    components: {
      Form: { itemMarginBottom: 12, verticalLabelPadding: '0 0 2px' },
      Tabs: { horizontalMargin: '0', horizontalItemPaddingSM: '6px 0', horizontalItemGutter: 20 },
      Modal: { titleFontSize: 16 },
      Tree: { nodeSelectedBg: token.selected, nodeHoverBg: token.hover },
      Select: { optionSelectedBg: token.selected, optionActiveBg: token.hover },
    },
  };
}
