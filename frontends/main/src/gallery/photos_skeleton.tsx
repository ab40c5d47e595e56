import { Skeleton } from "@acme/ui/states";

export function PhotosSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-1 sm:grid-cols-4 sm:gap-2">
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => (
        <Skeleton key={name} className="aspect-[3/2]" />
      ))}
    </div>
  );
}
