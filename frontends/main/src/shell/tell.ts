/** Toasts, for screens whose first load must not wait for what draws toasts. */
export async function tell(text: string): Promise<void> {
  const { toast } = await import("@acme/ui/toaster");
  toast.success(text);
}

export async function tellFailure(text: string): Promise<void> {
  const { toast } = await import("@acme/ui/toaster");
  toast.error(text);
}
