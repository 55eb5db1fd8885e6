interface AttachedConfig {
  readonly sessionGuard: { readonly attachedTo: readonly string[] };
  readonly permissionSets: readonly { readonly name: string }[];
  readonly retired: { readonly permissionSets: readonly { readonly name: string }[] };
}

/**
 * Names in `sessionGuard.attachedTo` that are no permission set of this configuration, with their field and what to
 * write.
 */
export function attachedProblems({
  sessionGuard,
  permissionSets,
  retired,
}: AttachedConfig): { readonly path: readonly (string | number)[]; readonly message: string }[] {
  const names = [...permissionSets, ...retired.permissionSets].map(({ name }) => name);
  return sessionGuard.attachedTo.flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          {
            path: ['sessionGuard', 'attachedTo', index],
            message: `"${name}" is no permission set of this configuration; write one of ${names.join(', ')}`,
          },
        ],
  );
}
