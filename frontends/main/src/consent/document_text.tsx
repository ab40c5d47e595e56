/** The little Markdown that our texts use: one heading, paragraphs, lists, bold. */
export function DocumentText({ text }: { text: string }) {
  const blocks = text.split(/\n\s*\n/).filter((part) => !part.startsWith("#"));
  return (
    <div className="grid gap-4 leading-relaxed">
      {blocks.map((block) =>
        block.trimStart().startsWith("- ") ? (
          <List key={block} block={block} />
        ) : (
          <p key={block}>{inline(block)}</p>
        ),
      )}
    </div>
  );
}

function List({ block }: { block: string }) {
  const items = block.trim().slice(2).split(/\n- /);
  return (
    <ul className="grid list-disc gap-2 pl-5">
      {items.map((item) => (
        <li key={item}>{inline(item)}</li>
      ))}
    </ul>
  );
}

export function headingOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? "";
}

function inline(source: string) {
  return source
    .replace(/\s*\n\s*/g, " ")
    .trim()
    .split(/\*\*(.+?)\*\*/)
    .map((part, index) => (index % 2 ? <strong key={part}>{part}</strong> : part));
}
