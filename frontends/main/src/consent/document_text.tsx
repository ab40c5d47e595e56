/** The little Markdown that consent texts use: one heading, paragraphs, bold. */
export function DocumentText({ text }: { text: string }) {
  const paragraphs = text.split(/\n\s*\n/).filter((part) => !part.startsWith("#"));
  return (
    <div className="grid gap-4 leading-relaxed">
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{withBold(paragraph.replace(/\s*\n\s*/g, " ").trim())}</p>
      ))}
    </div>
  );
}

export function headingOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? "";
}

function withBold(paragraph: string) {
  return paragraph
    .split(/\*\*(.+?)\*\*/)
    .map((part, index) => (index % 2 ? <strong key={part}>{part}</strong> : part));
}
