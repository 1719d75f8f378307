/** A simple command of a shell script. */
export interface ShellCommand {
  /** The element of the list of lines in which it starts. */
  readonly line: number;
  /** The program's name without its folder, and its arguments without quotes. */
  readonly words: readonly string[];
  /** The files that it replaces (`>`). */
  readonly overwrites: readonly string[];
  /** The files that it appends to (`>>`). */
  readonly appends: readonly string[];
  /** The shell does not wait for it (`&`). */
  readonly isInBackground: boolean;
  /** The text that it reads from a here-document, and the words of the commands before it in a pipe. */
  readonly input: string;
}

/** What the shell reads of a command so far. */
interface Reading {
  /** What ends it: `)`, a backtick, or the end of the script. */
  readonly end: string;
  start: number;
  words: string[];
  files: Record<string, string[]>;
  word?: string;
  quote: string;
  /** The redirection whose file is the next word. */
  redirection?: string;
  input: string;
}

const reading = (end: string, input = ""): Reading => ({ end, start: -1, words: [], files: {}, quote: "", input });

/** Longer operators first. */
const OPERATOR = /^(\$\(|[<>]\(|&>>|&>|<<<|<<-|<<|>>|>\||[<>]&|&&|\|\||\|&|[\n;&|<>()`])/;
/** Words before a command that the shell waits for. */
const PREFIX = /^(if|then|else|elif|while|until|do|!|\{|time|sudo|env|exec|command|nohup|eval|-.*|\w+=.*)$/;

/**
 * Returns the commands of a list of shell lines, with those in subshells, substitutions and `bash -c`. It does not see
 * commands in functions of other files, in variables, in aliases, and in substitutions inside here-documents.
 */
export function commandsOf(lines: readonly string[]): ShellCommand[] {
  const script = `${lines.join("\n")}\n`;
  const starts = lines.map((_, index) => lines.slice(0, index).join("\n").length + (index > 0 ? 1 : 0));
  const commands: (ShellCommand & { input: string })[] = [];
  const outer: Reading[] = [];
  const documents: { readonly end: string; readonly hasTabs: boolean; readonly from: number }[] = [];
  let now = reading("");

  const endWord = () => {
    const { word, redirection } = now;
    now.word = undefined;
    if (word === undefined) return;
    now.redirection = undefined;
    if (redirection === undefined) now.words.push(word);
    else if (/^<<-?$/.test(redirection))
      documents.push({ end: word, hasTabs: redirection === "<<-", from: commands.length });
    else {
      now.files[redirection] ??= [];
      now.files[redirection].push(word);
    }
  };
  const endCommand = (operator = "") => {
    endWord();
    const { start, files, input } = now;
    const first = now.words.findIndex((word) => !PREFIX.test(word));
    const words = first < 0 ? [] : now.words.slice(first);
    const line = Math.max(0, starts.filter((position) => position <= start).length - 1);
    const program = words[0]?.replace(/^.*\//, "") ?? "";
    const isShell = /^(ba|da|z)?sh$/.test(program);
    const inner = isShell ? words[words.findIndex((word) => /^-\w*c$/.test(word)) + 1] : undefined;
    if (inner !== undefined && inner !== words[0]) {
      commands.push(...commandsOf([inner]).map((command) => ({ ...command, line })));
    }
    const overwrites = [">", ">|", "&>", ">&"].flatMap((kind) => files[kind] ?? []);
    const appends = [">>", "&>>"].flatMap((kind) => files[kind] ?? []);
    const isInBackground = operator === "&";
    if (words.length > 0 || overwrites.length > 0) {
      commands.push({ line, words: [program, ...words.slice(1)], overwrites, appends, isInBackground, input });
    }
    const isPipe = operator === "|" || operator === "|&";
    now = reading(now.end, isPipe ? `${input}${words.join(" ")}\n` : "");
  };
  const enter = (end: string) => {
    outer.push(now);
    now = reading(end);
  };
  const leave = () => {
    endCommand();
    now = outer.pop() ?? now;
  };
  /** Skips the here-documents that start after this line, and returns the position after them. */
  const skipDocuments = (from: number): number => {
    let position = from;
    for (const { end, hasTabs, from: first } of documents.splice(0)) {
      while (position < script.length) {
        const next = script.indexOf("\n", position) + 1;
        const text = script.slice(position, next - 1);
        position = next;
        if ((hasTabs ? text.replace(/^\t+/, "") : text) === end) break;
        // Also for the commands after it in a pipe.
        for (const command of [...commands.slice(first), now]) command.input += `${text}\n`;
      }
    }
    return position;
  };

  for (let position = 0; position < script.length; ) {
    const character = script[position] as string;
    const rest = script.slice(position, position + 3);
    const operator = OPERATOR.exec(rest)?.[0];
    if (now.start < 0 && !/\s/.test(character)) now.start = position;
    position += 1;
    if (now.quote === "'") {
      if (character === "'") now.quote = "";
      else now.word += character;
    } else if (character === "\\") {
      const escaped = script[position];
      position += 1;
      if (escaped !== "\n") now.word = `${now.word ?? ""}${escaped ?? ""}`;
    } else if (rest === "$((" || (rest.startsWith("((") && now.quote === "")) {
      // Arithmetic, in which << is no here-document.
      const end = script.indexOf("))", position);
      if (end >= 0) position = end + 2;
      now.word ??= "";
    } else if (operator === "$(" || (/^[<>]\($/.test(operator ?? "") && now.quote === "")) {
      now.word ??= "";
      position += 1;
      enter(")");
    } else if (character === "`") {
      if (now.end === "`") leave();
      else {
        now.word ??= "";
        enter("`");
      }
    } else if (now.quote === '"') {
      if (character === '"') now.quote = "";
      else now.word += character;
    } else if (character === "'" || character === '"') {
      now.quote = character;
      now.word ??= "";
    } else if (character === "#" && now.word === undefined) {
      position = script.indexOf("\n", position);
    } else if (character === "(") {
      enter(")");
    } else if (character === ")") {
      if (now.end === ")") leave();
      else endCommand();
    } else if (character === "\n") {
      endWord();
      position = skipDocuments(position);
      endCommand();
    } else if (operator !== undefined) {
      position += operator.length - 1;
      if (/[<>]/.test(operator)) {
        // The number of a file descriptor: 2>file.
        if (/^\d+$/.test(now.word ?? "")) now.word = undefined;
        endWord();
        now.redirection = operator;
      } else endCommand(operator);
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      now.word = `${now.word ?? ""}${character}`;
    }
  }
  while (outer.length > 0) leave();
  endCommand();
  return commands;
}
