"""Groups by behaviour: looked for, judged, told in words a manager can use, and met again the quarter after."""
