import type { ScreenWidget } from '@yiwang/api/types/screen.ts';

/** What each kind is given. Options have been held against the kind's shape before. */
export interface WidgetProps {
  widget: ScreenWidget;
  /** As the screen names it; nothing where the kind names itself. */
  title: string | undefined;
  options: Record<string, unknown>;
}

export const textOption = (options: Record<string, unknown>, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' && value ? value : undefined;
};

export const numberOption = (options: Record<string, unknown>, name: string, usual: number): number => {
  const value = options[name];
  return typeof value === 'number' ? value : usual;
};

export const flagOption = (options: Record<string, unknown>, name: string): boolean => options[name] === true;

export const listOption = (options: Record<string, unknown>, name: string): string[] => {
  const value = options[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};
