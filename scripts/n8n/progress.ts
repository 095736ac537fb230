/** Is told, in a sentence for people, what is going on and how far it is. */
export type ReportProgress = (message: string) => void;
