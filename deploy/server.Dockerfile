# The server with its dashboard. Build from the repository's root: docker build -f deploy/server.Dockerfile .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /opt/roomkeeper
# The lock file and the manifests first: dependencies are installed anew only when these change.
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY agent/package.json agent/
COPY server/package.json server/
COPY dashboard/package.json dashboard/
COPY tests/package.json tests/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY shared shared
COPY dashboard dashboard
RUN npm run build -w dashboard

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /opt/roomkeeper
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY agent/package.json agent/
COPY server/package.json server/
COPY dashboard/package.json dashboard/
COPY tests/package.json tests/
# The scripts of these packages only build what they also ship ready-made.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund -w shared -w server

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production ROOMKEEPER_DATA_DIR=/var/lib/roomkeeper
WORKDIR /opt/roomkeeper
COPY --from=dependencies /opt/roomkeeper/node_modules node_modules
COPY package.json LICENSE ./
COPY shared shared
COPY server server
COPY --from=build /opt/roomkeeper/dashboard/dist dashboard/dist
COPY deploy/server-health.ts deploy/server-start.sh deploy/
RUN mkdir -p /var/lib/roomkeeper && chown node:node /var/lib/roomkeeper
USER node
VOLUME /var/lib/roomkeeper
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/server-health.ts"]
CMD ["sh", "deploy/server-start.sh"]
