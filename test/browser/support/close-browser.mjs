import { closeSharedBrowser } from './shared-browser.ts';

/** Runs in jest's own process, as the test files do, and so shares the module with the browser with them. */
export default closeSharedBrowser;
