"""Contract tables in; one row per customer, per customer and month, or per customer and landmark out."""
