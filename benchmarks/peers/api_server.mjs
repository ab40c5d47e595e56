// The same routes on Fastify and Drizzle, as well as they allow: prepared statements, one for each request, a pool,
// response schemas, kept tokens, one line of log. SIGNER=sdk presigns with the AWS SDK, SIGNER=hand by hand.
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { and, desc, eq, exists, isNull, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, boolean, doublePrecision, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { createVerifier } from "fast-jwt";
import Fastify from "fastify";
import pg from "pg";

const env = process.env;
const TTL_S = 900;

// --- tables, as far as they are asked
const at = (name) => timestamp(name, { withTimezone: true, mode: "date" });
const sessions = pgTable("auth_sessions", { id: uuid(), revokedAt: at("revoked_at") });
const members = pgTable("project_members", { projectId: uuid("project_id"), userId: uuid("user_id") });
const projects = pgTable("projects", { id: uuid(), deletedAt: at("deleted_at") });
const assignments = pgTable("project_photographers", {
  projectId: uuid("project_id"),
  photographerId: uuid("photographer_id"),
});
const tags = pgTable("photo_tags", { photoId: uuid("photo_id"), userId: uuid("user_id"), reviewStatus: text("review_status") });
const favourites = pgTable("favourites", { photoId: uuid("photo_id"), userId: uuid("user_id") });
const purchases = pgTable("purchases", {
  id: uuid(),
  userId: uuid("user_id"),
  projectId: uuid("project_id"),
  status: text(),
  refundedAt: at("refunded_at"),
  disputedAt: at("disputed_at"),
  photoCount: integer("photo_count"),
});
const purchasePhotos = pgTable("purchase_photos", { purchaseId: uuid("purchase_id"), photoId: uuid("photo_id") });
const photos = pgTable("photos", {
  id: uuid(),
  projectId: uuid("project_id"),
  photographerId: uuid("photographer_id"),
  storageKey: text("storage_key"),
  thumbnailKey: text("thumbnail_key"),
  filename: text(),
  contentType: text("content_type"),
  sizeBytes: bigint("size_bytes", { mode: "number" }),
  sha256: text(),
  width: integer(),
  height: integer(),
  thumbhash: text(),
  focusX: doublePrecision("focus_x"),
  focusY: doublePrecision("focus_y"),
  takenAt: at("taken_at"),
  status: text(),
  uploadedAt: at("uploaded_at"),
  uploadExpiresAt: at("upload_expires_at"),
  deletedAt: at("deleted_at"),
});

const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 20 });
const db = drizzle(pool);
const param = sql.placeholder;
const nothing = { one: sql`1` };

// --- statements
const sessionIsOpen = exists(
  db.select(nothing).from(sessions).where(and(eq(sessions.id, param("session")), isNull(sessions.revokedAt))),
);
const isMember = exists(
  db
    .select(nothing)
    .from(members)
    .innerJoin(projects, eq(projects.id, members.projectId))
    .where(and(eq(members.projectId, param("project")), eq(members.userId, param("user")), isNull(projects.deletedAt))),
);
const isAssigned = exists(
  db
    .select(nothing)
    .from(assignments)
    .innerJoin(projects, eq(projects.id, assignments.projectId))
    .where(
      and(eq(assignments.projectId, param("project")), eq(assignments.photographerId, param("user")), isNull(projects.deletedAt)),
    ),
);
const unlocked = exists(
  db
    .select(nothing)
    .from(purchases)
    .where(
      and(
        eq(purchases.userId, param("user")),
        eq(purchases.projectId, photos.projectId),
        eq(purchases.status, sql`'paid'`),
        isNull(purchases.refundedAt),
        isNull(purchases.disputedAt),
        or(
          eq(purchases.photoCount, sql`0`),
          exists(
            db
              .select(nothing)
              .from(purchasePhotos)
              .where(and(eq(purchasePhotos.purchaseId, purchases.id), eq(purchasePhotos.photoId, photos.id))),
          ),
        ),
      ),
    ),
);
const favourite = exists(
  db
    .select(nothing)
    .from(favourites)
    .where(and(eq(favourites.photoId, photos.id), eq(favourites.userId, param("user")))),
);
const raws = sql.raw(
  ["x-canon-cr2", "x-canon-cr3", "x-nikon-nef", "x-sony-arw", "x-adobe-dng", "x-fuji-raf"].map((name) => `'image/${name}'`).join(),
);
const standsBehindItsJpeg = sql`(photos.content_type IN (${raws}) AND EXISTS (
  SELECT 1 FROM photos AS jpeg
  WHERE jpeg.project_id = photos.project_id AND jpeg.photographer_id = photos.photographer_id AND jpeg.stem = photos.stem
    AND jpeg.content_type NOT IN (${raws}) AND jpeg.status = 'ready' AND jpeg.deleted_at IS NULL))`;
const shows = and(
  eq(photos.projectId, param("project")),
  eq(photos.status, sql`'ready'`),
  isNull(photos.deletedAt),
  sql`NOT ${standsBehindItsJpeg}`,
  exists(
    db
      .select(nothing)
      .from(tags)
      .where(
        and(eq(tags.photoId, photos.id), eq(tags.userId, param("user")), eq(tags.reviewStatus, sql`'confirmed'`)),
      ),
  ),
);

function listStatement(name, after) {
  const guard = db
    .select({ isOpen: sql`${sessionIsOpen}`.as("is_open"), isMember: sql`${isMember}`.as("is_member") })
    .from(sql`(VALUES (1)) AS one`)
    .as("guard");
  const page = db
    .select({
      id: photos.id,
      thumbnailKey: photos.thumbnailKey,
      width: photos.width,
      height: photos.height,
      thumbhash: photos.thumbhash,
      focusX: photos.focusX,
      focusY: photos.focusY,
      takenAt: photos.takenAt,
      uploadedAt: photos.uploadedAt,
      at: sql`to_char(${photos.uploadedAt} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00')`.as("at"),
      unlocked: sql`${unlocked}`.as("unlocked"),
      isFavourite: sql`${favourite}`.as("is_favourite"),
    })
    .from(photos)
    .where(after ? and(shows, after) : shows)
    .orderBy(desc(photos.uploadedAt), desc(photos.id))
    .limit(param("rows"))
    .as("page");
  return db
    .select({
      isOpen: guard.isOpen,
      isMember: guard.isMember,
      id: page.id,
      thumbnailKey: page.thumbnailKey,
      width: page.width,
      height: page.height,
      thumbhash: page.thumbhash,
      focusX: page.focusX,
      focusY: page.focusY,
      takenAt: page.takenAt,
      at: page.at,
      unlocked: page.unlocked,
      isFavourite: page.isFavourite,
    })
    .from(guard)
    .leftJoinLateral(page, sql`${guard.isOpen} AND ${guard.isMember}`)
    .orderBy(desc(page.uploadedAt), desc(page.id))
    .prepare(name);
}
const firstPage = listStatement("first_page");
const nextPage = listStatement(
  "next_page",
  sql`(${photos.uploadedAt}, ${photos.id}) < (${param("at")}::timestamptz, ${param("after")}::uuid)`,
);
const mayUpload = db
  .select({ isOpen: sql`${sessionIsOpen}`.as("is_open"), isAssigned: sql`${isAssigned}`.as("is_assigned") })
  .from(sql`(VALUES (1)) AS one`)
  .prepare("may_upload");
const addPhoto = db
  .insert(photos)
  .values({
    id: param("id"),
    projectId: param("project"),
    photographerId: param("user"),
    storageKey: param("key"),
    filename: param("filename"),
    contentType: param("type"),
    sizeBytes: param("size"),
    sha256: param("sha256"),
    uploadExpiresAt: sql`now() + interval '1020 seconds'`,
  })
  .onConflictDoNothing({
    target: [photos.projectId, photos.sha256],
    where: sql`deleted_at IS NULL AND status <> 'failed'`,
  })
  .returning({ id: photos.id })
  .prepare("add_photo");

// --- presigning
const client = new S3Client({
  endpoint: env.S3_ENDPOINT_URL,
  region: "auto",
  forcePathStyle: true,
  requestChecksumCalculation: "WHEN_REQUIRED",
  credentials: { accessKeyId: env.S3_ACCESS_KEY_ID, secretAccessKey: env.S3_SECRET_ACCESS_KEY },
});
const Bucket = env.S3_BUCKET;
const signedHeaders = new Set(["host", "content-type", "content-length", "if-none-match"]);
const bySdk = {
  get: (Key) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: TTL_S }),
  put: (Key, ContentType, ContentLength) =>
    getSignedUrl(client, new PutObjectCommand({ Bucket, Key, ContentType, ContentLength, IfNoneMatch: "*" }), {
      expiresIn: TTL_S,
      signableHeaders: signedHeaders,
      unhoistableHeaders: signedHeaders,
    }),
};
const origin = new URL(env.S3_ENDPOINT_URL);
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
let day = "";
let dayKey;
function sign(method, key, headers) {
  const stamp = `${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`;
  if (stamp.slice(0, 8) !== day) {
    day = stamp.slice(0, 8);
    dayKey = [day, "auto", "s3", "aws4_request"].reduce(hmac, `AWS4${env.S3_SECRET_ACCESS_KEY}`);
  }
  const scope = `${day}/auto/s3/aws4_request`;
  const names = Object.keys(headers).join(";");
  const path = `/${Bucket}/${key}`;
  const credential = encodeURIComponent(`${env.S3_ACCESS_KEY_ID}/${scope}`);
  const query =
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${stamp}` +
    `&X-Amz-Expires=${TTL_S}&X-Amz-SignedHeaders=${encodeURIComponent(names)}`;
  let lines = "";
  for (const name in headers) lines += `${name}:${headers[name]}\n`;
  const request = `${method}\n${path}\n${query}\n${lines}\n${names}\nUNSIGNED-PAYLOAD`;
  const digest = createHash("sha256").update(request).digest("hex");
  const signature = createHmac("sha256", dayKey)
    .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${digest}`)
    .digest("hex");
  return `${origin.origin}${path}?${query}&X-Amz-Signature=${signature}`;
}
const byHand = {
  get: (key) => sign("GET", key, { host: origin.host }),
  put: (key, type, length) =>
    sign("PUT", key, { "content-length": length, "content-type": type, host: origin.host, "if-none-match": "*" }),
};
const signer = env.SIGNER === "sdk" ? bySdk : byHand;

// --- the server
const app = Fastify({ logger: { level: "info" }, disableRequestLogging: true, keepAliveTimeout: 60_000 });
app.addHook("onResponse", (request, reply, done) => {
  request.log.info(
    { method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime },
    "request",
  );
  done();
});
const verifiers = Object.fromEntries(
  ["main", "backoffice"].map((allowedAud) => [
    allowedAud,
    createVerifier({ key: env.JWT_SECRET, algorithms: ["HS256"], allowedIss: "acme-photo-platform", allowedAud, cache: 5000 }),
  ]),
);
function claims(request, audience, role) {
  const held = verifiers[audience]((request.headers.authorization ?? "").slice(7));
  if (held.role !== role) throw Object.assign(new Error("wrong_role"), { statusCode: 403 });
  return held;
}
const refuse = (statusCode, code) => Object.assign(new Error(code), { statusCode });
const nullable = (type) => ({ type: [type, "null"] });
const photoSchema = {
  type: "object",
  properties: {
    id: { type: "string" },
    thumbnail_url: { type: "string" },
    width: { type: "integer" },
    height: { type: "integer" },
    thumbhash: nullable("string"),
    focus: { type: ["object", "null"], properties: { x: { type: "number" }, y: { type: "number" } } },
    taken_at: nullable("string"),
    unlocked: { type: "boolean" },
    is_favourite: { type: "boolean" },
  },
};
const pageSchema = {
  type: "object",
  properties: { items: { type: "array", items: photoSchema }, next_cursor: nullable("string") },
};
const querySchema = {
  type: "object",
  properties: { limit: { type: "integer", minimum: 1, maximum: 200, default: 50 }, cursor: { type: "string" } },
};

app.get(
  "/v1/projects/:project/photos",
  { schema: { querystring: querySchema, response: { 200: pageSchema } } },
  async (request) => {
    const { sub: user, sid: session } = claims(request, "main", "user");
    const { limit, cursor } = request.query;
    const values = { user, session, project: request.params.project, rows: limit + 1 };
    let rows;
    if (cursor) {
      const [after, id] = JSON.parse(Buffer.from(cursor, "base64url").toString());
      rows = await nextPage.execute({ ...values, at: after, after: id });
    } else {
      rows = await firstPage.execute(values);
    }
    if (!rows[0].isOpen) throw refuse(401, "session_ended");
    if (!rows[0].isMember) throw refuse(404, "project_not_found");
    const shown = rows[0].id ? rows.slice(0, limit) : [];
    const last = shown.at(-1);
    return {
      items: await Promise.all(
        shown.map(async (row) => ({
          id: row.id,
          thumbnail_url: await signer.get(row.thumbnailKey),
          width: row.width,
          height: row.height,
          thumbhash: row.thumbhash,
          focus: row.focusX === null ? null : { x: row.focusX, y: row.focusY },
          taken_at: row.takenAt?.toISOString() ?? null,
          unlocked: row.unlocked,
          is_favourite: row.isFavourite,
        })),
      ),
      next_cursor: rows.length > limit ? Buffer.from(JSON.stringify([last.at, last.id])).toString("base64url") : null,
    };
  },
);

const uploadBody = {
  type: "object",
  required: ["project_id", "filename", "content_type", "size_bytes"],
  additionalProperties: false,
  properties: {
    project_id: { type: "string", format: "uuid" },
    filename: { type: "string", minLength: 1, maxLength: 255 },
    content_type: { type: "string", enum: ["image/jpeg", "image/png", "image/webp", "image/tiff", "image/avif"] },
    size_bytes: { type: "integer", minimum: 1, maximum: 100_000_000 },
    sha256: { type: "string", pattern: "^[0-9a-fA-F]{64}$" },
  },
};
app.post("/v1/photographers/me/photos/upload-url", { schema: { body: uploadBody } }, async (request, reply) => {
  const { sub: user, sid: session } = claims(request, "backoffice", "photographer");
  const { project_id: project, filename, content_type: type, size_bytes: size, sha256 = null } = request.body;
  const [may] = await mayUpload.execute({ user, session, project });
  if (!may.isOpen) throw refuse(401, "session_ended");
  if (!may.isAssigned) throw refuse(404, "project_not_found");
  const id = randomUUID();
  const key = `projects/${project}/photos/${id}/original`;
  const [added] = await addPhoto.execute({ id, project, user, key, filename, type, size, sha256 });
  if (!added) throw refuse(409, "duplicate");
  const url = await signer.put(key, type, size);
  reply.code(201);
  return {
    photo_id: id,
    duplicate: false,
    upload: {
      method: "PUT",
      url,
      headers: { "Content-Type": type, "Content-Length": String(size), "If-None-Match": "*" },
      expires_at: new Date(Date.now() + TTL_S * 1000).toISOString(),
    },
  };
});

const found = createRequire(import.meta.url);
const version = (name) => found(`./node_modules/${name}/package.json`).version;
await app.listen({ port: Number(env.PORT), host: "127.0.0.1" });
const names = ["fastify", "drizzle-orm", "pg", "@aws-sdk/s3-request-presigner", "fast-jwt"];
process.stderr.write(`Node ${process.versions.node}, ${names.map((name) => `${name} ${version(name)}`).join(", ")}\n`);
