import { createPlay } from './play.ts'

void createPlay().arrive()
