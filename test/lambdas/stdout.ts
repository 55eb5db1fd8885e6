/** Holds back what the code under test writes to stdout in each test of a file, so that a test can read it. */
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
    /** Each line, parsed. */
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
  };
}
