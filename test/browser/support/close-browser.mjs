import { closeSharedBrowser } from './shared-browser.ts';

/** In jest's own process, as the test files are, and so in the same module. */
export default closeSharedBrowser;
