# The server as it runs, on Node's own image: production packages, the TypeScript as it is, and the built demo page.
ARG NODE_IMAGE=node:24-bookworm-slim

# `npmrc` and `npm-ca` are optional build secrets, for those who reach npm's registry through settings or certificates
# of their own; as secrets they stay in no layer.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=npm-ca \
    npm ci --omit=dev --omit=optional --no-audit --no-fund

# Vite's compiler comes as an optional package of the platform, so nothing is left out here.
FROM ${NODE_IMAGE} AS demo
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=npm-ca \
    npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src src
COPY demo demo
RUN npm run build

FROM ${NODE_IMAGE}
WORKDIR /app
# Where a volume for DATA_DIR may be mounted: it takes over whose this is.
RUN install --directory --owner=1000 --group=1000 --mode=700 /data
COPY --from=packages /app/node_modules node_modules
COPY --from=demo /app/dist/demo dist/demo
COPY package.json muster.config.ts ./
COPY src src
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
EXPOSE 3000
# A number, so that an orchestrator can tell it is not root, and no base has to know the name. The files stay root's.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# In exec form node is process 1 and hears SIGTERM itself.
CMD ["node", "src/main.ts"]
