/** Captures what the code under test writes to stdout during each test of a file. */
export function listenToStdout(): { text(): string; lines(): unknown[] } {
  let written = '';
  beforeEach(() => {
    written = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return {
    text: () => written,
    /** The lines, each parsed as JSON. */
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
  };
}
