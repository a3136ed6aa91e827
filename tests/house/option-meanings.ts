import ts from 'typescript';

/** What the documentation of an interface says of each member, without its default and the full stop. */
export function optionMeanings(source: string, interfaceName: string): Map<string, string> {
  const file = ts.createSourceFile('types.ts', source, ts.ScriptTarget.Latest, true);
  const options = file.statements.find(
    (node): node is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(node) && node.name.text === interfaceName,
  );
  return new Map(
    options?.members.map((member) => {
      const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
      const text = ts.getTextOfJSDocComment(comment?.comment) ?? '';
      return [member.name?.getText() ?? '', text.replace(/(;\s+default\b.*)?\.\s*$/s, '')];
    }),
  );
}
