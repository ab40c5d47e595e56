import "../src/main.css";
import { Button } from "@acme/ui/button";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Photo } from "@/gallery/api";
import { Grid } from "@/gallery/grid";
import { PhotoTile } from "@/gallery/photo_tile";
import { startI18n } from "@/i18n";
import { createServices, ServicesProvider } from "@/services";

/** `/dev/grid.html` of the dev server: how the grid behaves with very many photos. No part of the build. */
const COUNT = 10_000;
const INSERTED = 50;
const SHAPES = [
  [1200, 800],
  [800, 1200],
  [1600, 900],
  [1000, 1000],
] as const;

function photosOf(from: number, count: number, pictures: readonly string[]): Photo[] {
  return Array.from({ length: count }, (_, offset) => {
    const number = from + offset;
    const [width, height] = SHAPES[number % SHAPES.length] ?? SHAPES[0];
    return {
      id: `photo-${number}`,
      thumbnail_url: `${pictures[number % pictures.length]}#${number}`,
      width,
      height,
      thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
      focus: null,
      taken_at: null,
      unlocked: number % 7 === 0,
      is_favourite: number % 11 === 0,
    };
  });
}

/** Some that have to be decoded, as real ones. */
async function picturesOf(count: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const canvas = new OffscreenCanvas(600, 400);
      const context = canvas.getContext("2d");
      for (let band = 0; context && band < 60; band++) {
        context.fillStyle = `hsl(${number * 18 + band * 2} 50% ${30 + (band % 7) * 6}%)`;
        context.fillRect(band * 10, 0, 10, 400);
      }
      return URL.createObjectURL(await canvas.convertToBlob({ type: "image/jpeg" }));
    }),
  );
}

function Page({ pictures }: { pictures: readonly string[] }) {
  const [photos, setPhotos] = useState(() => photosOf(0, COUNT, pictures));
  const ignore = useCallback(() => undefined, []);
  const renderTile = useCallback(
    (photo: Photo, index: number) => (
      <PhotoTile photo={photo} index={index} onOpen={ignore} onFavourite={ignore} />
    ),
    [ignore],
  );
  const insert = () => setPhotos((known) => [...photosOf(known.length, INSERTED, pictures), ...known]);
  return (
    <main className="mx-auto max-w-7xl p-4">
      <h1 className="mb-4 text-xl font-semibold">{photos.length} photos</h1>
      <Button className="fixed top-4 right-4 z-10" onClick={insert}>
        {INSERTED} more above
      </Button>
      <Grid photos={photos} label="Photos" renderTile={renderTile} />
    </main>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("grid.html has no #root");
const services = createServices({ main_api: "", media_api: "", payments: { kind: "stripe" } });
const [pictures] = await Promise.all([picturesOf(40), startI18n()]);
createRoot(root).render(
  <ServicesProvider services={services}>
    <QueryClientProvider client={new QueryClient()}>
      <Page pictures={pictures} />
    </QueryClientProvider>
  </ServicesProvider>,
);
