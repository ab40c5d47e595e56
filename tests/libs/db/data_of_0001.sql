-- An event as revision 0001 kept it: a row and more in each of its tables, in the states that rows come to.
-- Its revisions are history, and so is this: it never changes.
INSERT INTO operators (id, name, email, password_hash, currency, locale, timezone, profile_picture_url, created_at, email_verified_at) VALUES
    ('00000000-0000-4000-8000-000000000001', 'Ola', 'ola@example.com', '$2b$04$none', 'EUR', 'de-DE', 'Europe/Berlin', NULL, '2026-01-05 09:00Z', '2026-01-05 09:05Z'),
    ('00000000-0000-4000-8000-000000000002', 'Left', 'left@example.com', '$2b$04$none', 'USD', 'en-US', 'America/New_York', NULL, '2026-01-06 09:00Z', NULL);
UPDATE operators SET deleted_at = '2026-01-07 09:00Z' WHERE name = 'Left';

INSERT INTO photographers (id, operator_id, name, email, password_hash, address, created_at) VALUES
    ('00000000-0000-4000-8000-000000000011', '00000000-0000-4000-8000-000000000001', 'Pat', 'pat@example.com', '$2b$04$none', 'Hafen 1', '2026-01-08 09:00Z');

INSERT INTO users (id, name, email, password_hash, address, billing_address, created_at, email_verified_at) VALUES
    ('00000000-0000-4000-8000-000000000021', 'Ann', 'ann@example.com', '$2b$04$none', NULL, NULL, '2026-01-10 09:00Z', '2026-01-10 09:01Z'),
    ('00000000-0000-4000-8000-000000000022', 'Bob', 'bob@example.com', '$2b$04$none', NULL, NULL, '2026-01-10 10:00Z', NULL),
    ('00000000-0000-4000-8000-000000000023', 'Gone', 'gone@example.com', '$2b$04$none', NULL, NULL, '2026-01-10 11:00Z', NULL);

INSERT INTO projects (id, operator_id, name, location_name, start_at, end_at, project_link, terms_and_conditions, timezone, created_at) VALUES
    ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000001', 'Regatta', 'Kiel', '2026-01-10 08:00Z', '2026-01-11 20:00Z', NULL, 'Be kind', 'Europe/Berlin', '2026-01-08 10:00Z');

INSERT INTO packages (id, operator_id, name, price, photo_count, created_at, updated_at) VALUES
    ('00000000-0000-4000-8000-000000000041', '00000000-0000-4000-8000-000000000001', 'All photos', 2500, 0, '2026-01-08 10:00Z', '2026-01-08 10:00Z'),
    ('00000000-0000-4000-8000-000000000042', '00000000-0000-4000-8000-000000000001', 'One photo', 500, 1, '2026-01-08 10:00Z', '2026-01-08 10:00Z');

INSERT INTO project_packages (project_id, package_id) VALUES
    ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000041'),
    ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000042');
INSERT INTO project_photographers (project_id, photographer_id) VALUES
    ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000011');
INSERT INTO project_coaches (project_id, name) VALUES ('00000000-0000-4000-8000-000000000031', 'Coach');
INSERT INTO project_members (project_id, user_id, joined_at, terms_accepted_at, backfill_state) VALUES
    ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000021', '2026-01-10 09:10Z', '2026-01-10 09:10Z', 'done'),
    ('00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000022', '2026-01-10 10:10Z', NULL, 'idle');
INSERT INTO qr_tokens (project_id, token, expires_at, used_at, kind, label, use_count) VALUES
    ('00000000-0000-4000-8000-000000000031', 'poster-of-the-regatta', '2026-02-10 00:00Z', '2026-01-10 09:09Z', 'poster', 'Gate', 2),
    ('00000000-0000-4000-8000-000000000031', 'card-of-the-regatta', '2026-02-10 00:00Z', '2026-01-10 10:09Z', 'card', NULL, 1);

INSERT INTO user_consents (user_id, consent_type, consent_version, given_at, revoked_at, document_sha256) VALUES
    ('00000000-0000-4000-8000-000000000021', 'biometric_processing', '2026-01', '2026-01-10 09:12Z', NULL, repeat('a', 64)),
    ('00000000-0000-4000-8000-000000000023', 'biometric_processing', '2026-01', '2026-01-10 11:12Z', '2026-01-12 08:00Z', repeat('a', 64));
INSERT INTO erasure_receipts (user_id, state, requested_at, completed_at) VALUES
    ('00000000-0000-4000-8000-000000000023', 'completed', '2026-01-12 08:00Z', '2026-01-12 08:01Z');

INSERT INTO selfies (id, user_id, storage_key, embedding, quality_score, status, rejection_reason, created_at, content_type, size_bytes, upload_state, upload_expires_at, engine, processed_at, crop_key) VALUES
    ('00000000-0000-4000-8000-000000000051', '00000000-0000-4000-8000-000000000021', 'users/00000000-0000-4000-8000-000000000021/selfies/00000000-0000-4000-8000-000000000051/original',
     (SELECT array_agg(i / 128.0)::vector FROM generate_series(1, 128) i), 0.9, 'approved', NULL, '2026-01-10 09:13Z', 'image/jpeg', 1000, 'verified', '2026-01-10 09:28Z', 'local', '2026-01-10 09:14Z',
     'users/00000000-0000-4000-8000-000000000021/selfies/00000000-0000-4000-8000-000000000051/face'),
    ('00000000-0000-4000-8000-000000000052', '00000000-0000-4000-8000-000000000022', 'users/00000000-0000-4000-8000-000000000022/selfies/00000000-0000-4000-8000-000000000052/original',
     NULL, 0.1, 'rejected', 'no_face', '2026-01-10 10:13Z', 'image/jpeg', 1000, 'verified', '2026-01-10 10:28Z', 'local', '2026-01-10 10:14Z', NULL);
INSERT INTO provider_faces (selfie_id, project_id, collection, face_id) VALUES
    ('00000000-0000-4000-8000-000000000051', '00000000-0000-4000-8000-000000000031', 'project-00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-0000000000f1');

INSERT INTO photos (id, project_id, photographer_id, storage_key, thumbnail_key, watermarked_key, preview_key, status, uploaded_at, filename, content_type, size_bytes, sha256, width, height, thumbhash, taken_at, upload_state, upload_expires_at, recognition_state, failure_code)
SELECT ('00000000-0000-4000-8000-0000000006' || lpad(n::text, 2, '0'))::uuid, '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000011',
       folder || 'original', folder || 'thumbnail-400.jpg', folder || 'watermarked.jpg', folder || 'preview-2048.jpg', 'ready', '2026-01-10 09:00Z'::timestamptz + n * interval '10 minutes',
       'DSC_' || n || '.JPG', 'image/jpeg', 1000, lpad(n::text, 64, '0'), 6000, 4000, 'HBkSHYSIeHiPiHh8eJd4eTN0EEQG', '2026-01-10 08:59Z', 'verified', '2026-01-10 10:00Z', 'done', NULL
FROM (SELECT n, 'projects/00000000-0000-4000-8000-000000000031/photos/00000000-0000-4000-8000-0000000006' || lpad(n::text, 2, '0') || '/' AS folder FROM generate_series(1, 5) n) numbered;
INSERT INTO photos (id, project_id, photographer_id, storage_key, status, uploaded_at, filename, content_type, size_bytes, upload_state, upload_expires_at, recognition_state, failure_code, deleted_at) VALUES
    ('00000000-0000-4000-8000-000000000698', '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000011', 'projects/00000000-0000-4000-8000-000000000031/photos/00000000-0000-4000-8000-000000000698/original', 'failed', '2026-01-10 09:50Z', 'broken.jpg', 'image/jpeg', 10, 'verified', '2026-01-10 10:00Z', 'failed', 'not_an_image', NULL),
    ('00000000-0000-4000-8000-000000000699', '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000011', 'projects/00000000-0000-4000-8000-000000000031/photos/00000000-0000-4000-8000-000000000699/original', 'processing', '2026-01-10 09:55Z', 'never.jpg', 'image/jpeg', 10, 'expired', '2026-01-10 10:00Z', 'pending', NULL, '2026-01-11 09:00Z');

INSERT INTO photo_faces (id, photo_id, ordinal, box_left, box_top, box_width, box_height, size_px, detection_score, sharpness, crop_key, embedding) VALUES
    ('00000000-0000-4000-8000-000000000071', '00000000-0000-4000-8000-000000000601', 0, 0.1, 0.1, 0.2, 0.2, 300, 0.98, 120, 'projects/00000000-0000-4000-8000-000000000031/photos/00000000-0000-4000-8000-000000000601/faces/0', NULL),
    ('00000000-0000-4000-8000-000000000072', '00000000-0000-4000-8000-000000000602', 0, 0.5, 0.1, 0.2, 0.2, 300, 0.97, 110, 'projects/00000000-0000-4000-8000-000000000031/photos/00000000-0000-4000-8000-000000000602/faces/0', NULL);
INSERT INTO photo_tags (photo_id, user_id, confidence, source, review_status, created_at, engine, distance, face_id, reviewed_at, reviewed_by, updated_at) VALUES
    ('00000000-0000-4000-8000-000000000601', '00000000-0000-4000-8000-000000000021', 91.5, 'auto', 'confirmed', '2026-01-10 09:20Z', 'local', 0.31, '00000000-0000-4000-8000-000000000071', NULL, NULL, '2026-01-10 09:20Z'),
    ('00000000-0000-4000-8000-000000000602', '00000000-0000-4000-8000-000000000021', 60.0, 'auto', 'pending', '2026-01-10 09:30Z', 'local', 0.5, '00000000-0000-4000-8000-000000000072', NULL, NULL, '2026-01-10 09:30Z'),
    ('00000000-0000-4000-8000-000000000603', '00000000-0000-4000-8000-000000000021', 58.0, 'auto', 'rejected', '2026-01-10 09:40Z', 'local', 0.51, NULL, '2026-01-10 12:00Z', '00000000-0000-4000-8000-000000000001', '2026-01-10 12:00Z'),
    ('00000000-0000-4000-8000-000000000604', '00000000-0000-4000-8000-000000000022', 100, 'manual', 'confirmed', '2026-01-10 12:10Z', NULL, NULL, NULL, '2026-01-10 12:10Z', '00000000-0000-4000-8000-000000000001', '2026-01-10 12:10Z');

INSERT INTO purchases (id, user_id, project_id, package_id, stripe_payment_intent_id, status, created_at, amount, currency, photo_count, deliverable, paid_at, refunded_at, refunded_amount) VALUES
    ('00000000-0000-4000-8000-000000000081', '00000000-0000-4000-8000-000000000021', '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000041', 'pi_paid', 'paid', '2026-01-11 09:00Z', 2500, 'EUR', 0, 'watermarked', '2026-01-11 09:01Z', NULL, 0),
    ('00000000-0000-4000-8000-000000000082', '00000000-0000-4000-8000-000000000022', '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000042', 'pi_failed', 'failed', '2026-01-11 10:00Z', 500, 'EUR', 1, 'watermarked', NULL, NULL, 0),
    ('00000000-0000-4000-8000-000000000083', '00000000-0000-4000-8000-000000000022', '00000000-0000-4000-8000-000000000031', '00000000-0000-4000-8000-000000000042', 'pi_refunded', 'paid', '2026-01-11 11:00Z', 500, 'EUR', 1, 'watermarked', '2026-01-11 11:01Z', '2026-01-12 11:00Z', 500);
INSERT INTO purchase_photos (purchase_id, photo_id) VALUES
    ('00000000-0000-4000-8000-000000000081', '00000000-0000-4000-8000-000000000601'),
    ('00000000-0000-4000-8000-000000000083', '00000000-0000-4000-8000-000000000604');
INSERT INTO stripe_events (id, type, intent_id, received_at, processed_at) VALUES
    ('evt_paid', 'payment_intent.succeeded', 'pi_paid', '2026-01-11 09:01Z', '2026-01-11 09:01Z');

INSERT INTO auth_sessions (id, audience, role, account_id, created_at, last_used_at) VALUES
    ('00000000-0000-4000-8000-000000000091', 'main', 'user', '00000000-0000-4000-8000-000000000021', '2026-01-10 09:00Z', '2026-01-10 09:00Z');
INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES (repeat('b', 64), '00000000-0000-4000-8000-000000000091', '2026-02-10 09:00Z');
INSERT INTO one_time_tokens (token_hash, purpose, role, account_id, expires_at) VALUES
    (repeat('c', 64), 'verify_email', 'user', '00000000-0000-4000-8000-000000000022', '2026-01-11 10:00Z');
INSERT INTO outbox_jobs (name, queue, payload, state, run_at, pushed_at, started_at, finished_at, worker, attempts) VALUES
    ('generate_thumbnail', 'acme:images', '{"photo_id": "00000000-0000-4000-8000-000000000601"}', 'done', '2026-01-10 09:10Z', '2026-01-10 09:10Z', '2026-01-10 09:10Z', '2026-01-10 09:11Z', 'host:1', 1);
