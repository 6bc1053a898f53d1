"""What one would start with: FastAPI, SQLModel, asyncpg, one route. `python -m benchmarks.bare PORT URL`."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, SQLModel


class Thing(SQLModel, table=True):
    """A table, so that SQLModel has built one."""

    id: int | None = Field(default=None, primary_key=True)
    name: str


def bare_app(url: str) -> FastAPI:
    """Return the app; it is healthy when the database answers."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    app = FastAPI()

    @app.get("/api/health")
    async def health() -> dict[str, str]:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        return {"status": "ok"}

    return app


if __name__ == "__main__":
    uvicorn.run(bare_app(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
