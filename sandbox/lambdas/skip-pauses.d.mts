export function skipPauses(applies: () => boolean, whenHostAnswers: (callback: () => void) => void): () => () => void;
