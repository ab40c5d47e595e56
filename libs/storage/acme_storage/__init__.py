"""Object keys, presigned URLs and the S3 gateway. The one home of boto3 for storage."""
