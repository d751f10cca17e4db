/* The words of the language in use, by the English sentence: none in English. takeback/web/script_words.py writes this file. */
/** @type {{ tag: string, forms: number[], said: Record<string, string[]> }} */
export const catalogue = {"tag":"en-GB","forms":[],"said":{}};
