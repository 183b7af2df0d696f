# The agent. Build from the repository's root: docker build -f deploy/agent.Dockerfile .
# Serial ports and sensors of the host are given to the container by `devices:` and by mounting /sys read-only.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /opt/roomkeeper
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY agent/package.json agent/
COPY server/package.json server/
COPY dashboard/package.json dashboard/
COPY tests/package.json tests/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund -w shared -w agent

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production ROOMKEEPER_AGENT_DATA_DIR=/var/lib/roomkeeper-agent NODE_COMPILE_CACHE=/var/cache/roomkeeper-agent
WORKDIR /opt/roomkeeper
COPY --from=dependencies /opt/roomkeeper/node_modules node_modules
COPY package.json LICENSE ./
COPY shared shared
COPY agent agent
COPY deploy/agent-health.ts deploy/
RUN mkdir -p /var/lib/roomkeeper-agent /var/cache/roomkeeper-agent && chown node:node /var/lib/roomkeeper-agent /var/cache/roomkeeper-agent
USER node
# Fills the compile cache with the stripped sources: without it an agent takes 40 MB more.
RUN node --max-semi-space-size=1 --optimize-for-size --no-sparkplug --invocation-count-for-maglev=50000 --invocation-count-for-maglev-osr=10000 --invocation-count-for-turbofan=200000 --invocation-count-for-osr=50000 agent/src/cli.ts --help > /dev/null
VOLUME /var/lib/roomkeeper-agent
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/agent-health.ts"]
CMD ["node", "--max-semi-space-size=1", "--optimize-for-size", "--no-sparkplug", "--invocation-count-for-maglev=50000", "--invocation-count-for-maglev-osr=10000", "--invocation-count-for-turbofan=200000", "--invocation-count-for-osr=50000", "agent/src/cli.ts", "run", "--config", "/etc/roomkeeper/agent.yaml"]
