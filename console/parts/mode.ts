import { applyMode, Mode } from '@cloudscape-design/global-styles';

const KEPT = 'glasshammer-mode';
const dark = matchMedia('(prefers-color-scheme: dark)');

function isDark(): boolean {
  const kept = localStorage.getItem(KEPT);
  return kept === null ? dark.matches : kept === Mode.Dark;
}

/** Dark or light, as the person has chosen, or else as their system is, and whenever that changes. */
export function followMode(): void {
  const apply = () => {
    const mode = isDark() ? Mode.Dark : Mode.Light;
    applyMode(mode);
    document.documentElement.style.colorScheme = mode;
  };
  apply();
  dark.addEventListener('change', apply);
}

/** The other one, from now on. */
export function changeMode(): void {
  localStorage.setItem(KEPT, isDark() ? Mode.Light : Mode.Dark);
  followMode();
}
