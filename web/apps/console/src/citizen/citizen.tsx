export function mount(_: HTMLElement): void {}
