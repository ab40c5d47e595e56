import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input, Select } from "@acme/ui/input";
import { majorUnits, minorUnits } from "@acme/ui/lib/format";
import { toast } from "@acme/ui/toaster";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useAccount, useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";
import { type PhotoPackage, packageKeys } from "./queries";

const MOST_PHOTOS = 10_000;

function schemaFor(currency: string) {
  return z.object({
    name: z.string().trim().min(1, "Give the package a name").max(255),
    price: z.string().refine((text) => minorUnits(text, currency) !== null, {
      error: `Enter an amount in ${currency}, such as ${majorUnits(1500, currency)}`,
    }),
    holds: z.enum(["some", "all"]),
    photo_count: z.coerce.number().int().min(1, "At least one photo").max(MOST_PHOTOS),
    deliverable: z.enum(["watermarked", "original"]),
  });
}

export function PackageForm({ item, onDone }: { item?: PhotoPackage; onDone: () => void }) {
  const { currency: own } = useAccount();
  const currency = own ?? "EUR";
  const save = useSave(item, currency, onDone);
  const schema = schemaFor(currency);
  const form = useForm<z.input<typeof schema>, unknown, z.output<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: {
      name: item?.name ?? "",
      price: item ? majorUnits(item.price, currency) : "",
      holds: item?.photo_count === 0 ? "all" : "some",
      photo_count: item?.photo_count || 1,
      deliverable: item?.deliverable ?? "watermarked",
    },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      await save(values);
    } catch (error) {
      showProblem(form, error);
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <FormProblem form={form} />
      <Field label="Name" error={errors.name?.message}>
        <Input {...form.register("name")} placeholder="Two photos" />
      </Field>
      <Field label={`Price in ${currency}`} error={errors.price?.message}>
        <Input inputMode="decimal" {...form.register("price")} />
      </Field>
      <Field label="It holds">
        <Select {...form.register("holds")}>
          <option value="some">a number of photos</option>
          <option value="all">all photos of the buyer, those to come too</option>
        </Select>
      </Field>
      {form.watch("holds") === "some" && (
        <Field label="Number of photos" error={errors.photo_count?.message}>
          <Input type="number" min={1} {...form.register("photo_count")} />
        </Field>
      )}
      <Field label="Files">
        <Select {...form.register("deliverable")}>
          <option value="watermarked">full size, with your mark</option>
          <option value="original">the original files</option>
        </Select>
      </Field>
      <Button type="submit" isBusy={isSubmitting}>
        {item ? "Save" : "Create the package"}
      </Button>
    </form>
  );
}

type Values = z.output<ReturnType<typeof schemaFor>>;

function useSave(item: PhotoPackage | undefined, currency: string, onDone: () => void) {
  const { backoffice } = useServices();
  const client = useQueryClient();
  return async ({ name, price, holds, photo_count, deliverable }: Values) => {
    const body = {
      name,
      price: minorUnits(price, currency) ?? 0,
      photo_count: holds === "all" ? 0 : photo_count,
      deliverable,
    };
    await answer(
      item
        ? backoffice.PATCH("/v1/packages/{package_id}", {
            params: { path: { package_id: item.id } },
            body: { ...body, version: item.version },
          })
        : backoffice.POST("/v1/packages", { body }),
    );
    await client.invalidateQueries({ queryKey: packageKeys.all });
    toast.success("Saved");
    onDone();
  };
}
