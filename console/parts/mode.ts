import { applyMode, Mode } from '@cloudscape-design/global-styles';

const KEPT = 'glasshammer-mode';
const dark = matchMedia('(prefers-color-scheme: dark)');

function isDark(): boolean {
  const kept = localStorage.getItem(KEPT);
  return kept === null ? dark.matches : kept === Mode.Dark;
}

/**
 * Applies the dark or light mode that the person chose, or else follows the operating system's setting as it changes.
 */
export function followMode(): void {
  const apply = () => {
    const mode = isDark() ? Mode.Dark : Mode.Light;
    applyMode(mode);
    document.documentElement.style.colorScheme = mode;
  };
  apply();
  dark.addEventListener('change', apply);
}

/** Switches between dark and light mode and remembers the choice. */
export function changeMode(): void {
  localStorage.setItem(KEPT, isDark() ? Mode.Light : Mode.Dark);
  followMode();
}
