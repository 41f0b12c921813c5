# Comptoir in one image: the UI is built with Node, then served by Python alone.

FROM node:24-slim AS ui
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM python:3.11-slim
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml LICENSE ./
COPY comptoir ./comptoir
COPY --from=ui /build/comptoir/static ./comptoir/static
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --system --no-create-home comptoir \
    && install -d -o comptoir -m 700 /data
USER comptoir
ENV COMPTOIR_DATA=/data HOST=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["comptoir", "serve"]
