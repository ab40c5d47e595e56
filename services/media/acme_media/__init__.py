"""Uploads, image and face pipelines."""
