// Who keeps whose accounts, so that a page offers nobody what the server would refuse (accounts/rules.py).
import { shallowRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { me, usePermissions } from '@/shared/session/session'

type Schemas = components['schemas']

export type Account = Schemas['AccountOut']
export type HeldPost = Schemas['HeldPostOut']
export type Role = Schemas['RoleOut']
export type Partner = Schemas['PartnerOut']
export type SendingDepartment = Schemas['DepartmentOut']

export const loadSendingDepartments = () => call(api.GET('/api/partners/departments'))
export type FirstPassword = Schemas['FirstPasswordOut']

export const PAGE_SIZE = 50
export const PAGES = ['/accounts', '/accounts/first-passwords', '/accounts/roles', '/accounts/partners']

/** Auditors are made on the machine itself: nobody keeps them here. */
const KEEPERS: Record<string, string> = {
  work: 'account.edit',
  administration: 'account.edit',
  security: 'security.edit',
}

export interface Hands {
  roles: ShallowRef<Role[]>
  load: () => Promise<void>
  /** Roles that this person may give and take away. */
  toGive: () => Role[]
  mayGive: (role: string) => boolean
  /** Whether the account is this person's to change: not their own, and of no other power. */
  mayChange: (account: Account) => boolean
  isMine: (account: { id: number }) => boolean
}

export function useHands(): Hands {
  const { may } = usePermissions()
  const roles = shallowRef<Role[]>([])

  return {
    roles,
    load: async () => {
      roles.value = await call(api.GET('/api/roles'))
    },
    toGive: () => roles.value.filter(({ power }) => keeps(power)),
    mayGive,
    mayChange: (account) =>
      !isMine(account) &&
      (account.posts.length ? account.posts.every((post) => mayGive(post.role)) : may('account.edit')),
    isMine,
  }

  function mayGive(code: string): boolean {
    const role = roles.value.find((one) => one.code === code)
    return role !== undefined && keeps(role.power)
  }

  function keeps(power: string): boolean {
    const keeper = KEEPERS[power]
    return keeper !== undefined && may(keeper)
  }

  function isMine({ id }: { id: number }): boolean {
    return me.value?.user.id === id
  }
}
